// Package gadget is a custom kind and the controller that turns each of its objects into a Deployment, written the way
// controller-runtime's documentation teaches: cached client, server-side apply, status, finalizer, events.
package gadget

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	appsapply "k8s.io/client-go/applyconfigurations/apps/v1"
	coreapply "k8s.io/client-go/applyconfigurations/core/v1"
	metaapply "k8s.io/client-go/applyconfigurations/meta/v1"
	"k8s.io/client-go/tools/events"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
)

const (
	// Manager owns the fields the controller applies.
	Manager = "gadget-controller"
	// Finalizer holds a Gadget back until its farewell is written.
	Finalizer = "example.com/farewell"
)

// GroupVersion of Gadget.
var GroupVersion = schema.GroupVersion{Group: "example.com", Version: "v1"}

// Gadget asks for a Deployment of a size.
type Gadget struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              Spec   `json:"spec"`
	Status            Status `json:"status,omitempty"`
}

// Spec of a Gadget.
type Spec struct {
	Image    string `json:"image"`
	Replicas int32  `json:"replicas"`
}

// Status of a Gadget.
type Status struct {
	ReadyReplicas int32              `json:"readyReplicas"`
	Conditions    []metav1.Condition `json:"conditions,omitempty"`
}

// GadgetList is a list of Gadgets.
type GadgetList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Gadget `json:"items"`
}

// DeepCopyObject implements runtime.Object.
func (g *Gadget) DeepCopyObject() runtime.Object {
	copied := *g
	g.ObjectMeta.DeepCopyInto(&copied.ObjectMeta)
	copied.Status.Conditions = append([]metav1.Condition(nil), g.Status.Conditions...)
	return &copied
}

// DeepCopyObject implements runtime.Object.
func (l *GadgetList) DeepCopyObject() runtime.Object {
	copied := *l
	copied.Items = make([]Gadget, len(l.Items))
	for i := range l.Items {
		copied.Items[i] = *l.Items[i].DeepCopyObject().(*Gadget)
	}
	return &copied
}

// AddToScheme makes Gadget known.
func AddToScheme(s *runtime.Scheme) error {
	s.AddKnownTypes(GroupVersion, &Gadget{}, &GadgetList{})
	metav1.AddToGroupVersion(s, GroupVersion)
	return nil
}

// Reconciler keeps one Deployment per Gadget.
type Reconciler struct {
	client.Client
	Events events.EventRecorder
}

// SetupWithManager watches Gadgets and the Deployments they own.
func (r *Reconciler) SetupWithManager(mgr ctrl.Manager) error {
	return ctrl.NewControllerManagedBy(mgr).For(&Gadget{}).Owns(&appsv1.Deployment{}).Complete(r)
}

// Reconcile brings one Gadget and its Deployment together.
func (r *Reconciler) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	var g Gadget
	if err := r.Get(ctx, req.NamespacedName, &g); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if !g.DeletionTimestamp.IsZero() {
		return ctrl.Result{}, r.farewell(ctx, &g)
	}
	if controllerutil.AddFinalizer(&g, Finalizer) {
		return ctrl.Result{}, r.Update(ctx, &g)
	}
	if err := r.Apply(ctx, deploymentOf(&g), client.FieldOwner(Manager), client.ForceOwnership); err != nil {
		return ctrl.Result{}, err
	}
	return ctrl.Result{}, r.report(ctx, &g)
}

func deploymentOf(g *Gadget) *appsapply.DeploymentApplyConfiguration {
	labels := map[string]string{"gadget": g.Name}
	owner := metaapply.OwnerReference().
		WithAPIVersion(GroupVersion.String()).WithKind("Gadget").WithName(g.Name).WithUID(g.UID).
		WithController(true).WithBlockOwnerDeletion(true)
	pod := coreapply.PodTemplateSpec().WithLabels(labels).
		WithSpec(coreapply.PodSpec().WithContainers(coreapply.Container().WithName("gadget").WithImage(g.Spec.Image)))
	return appsapply.Deployment(g.Name, g.Namespace).WithLabels(labels).WithOwnerReferences(owner).
		WithSpec(appsapply.DeploymentSpec().WithReplicas(g.Spec.Replicas).
			WithSelector(metaapply.LabelSelector().WithMatchLabels(labels)).WithTemplate(pod))
}

func (r *Reconciler) report(ctx context.Context, g *Gadget) error {
	var d appsv1.Deployment
	if err := r.Get(ctx, client.ObjectKeyFromObject(g), &d); err != nil {
		// The cache has not seen it yet; its event comes.
		return client.IgnoreNotFound(err)
	}
	before := g.DeepCopyObject().(*Gadget)
	g.Status.ReadyReplicas = d.Status.ReadyReplicas
	condition := metav1.Condition{Type: "Ready", Status: metav1.ConditionFalse, Reason: "Waiting", ObservedGeneration: g.Generation}
	if d.Status.ReadyReplicas == g.Spec.Replicas {
		condition.Status, condition.Reason = metav1.ConditionTrue, "AllReady"
	}
	if meta.SetStatusCondition(&g.Status.Conditions, condition) && condition.Status == metav1.ConditionTrue {
		r.Events.Eventf(g, &d, corev1.EventTypeNormal, "Ready", "Reconcile", "%d replicas are ready", d.Status.ReadyReplicas)
	}
	return r.Status().Patch(ctx, g, client.MergeFrom(before))
}

func (r *Reconciler) farewell(ctx context.Context, g *Gadget) error {
	note := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: g.Namespace, Name: "farewell-" + g.Name}}
	note.Data = map[string]string{"replicas": fmt.Sprint(g.Spec.Replicas)}
	// A typed built-in kind: this client sends it as protobuf.
	if err := r.Create(ctx, note); err != nil && !apierrors.IsAlreadyExists(err) {
		return err
	}
	controllerutil.RemoveFinalizer(g, Finalizer)
	return client.IgnoreNotFound(r.Update(ctx, g))
}
